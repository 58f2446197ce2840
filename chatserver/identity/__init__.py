"""Who: workspaces, sites, people and their memberships, sessions, visitors, tokens, permissions."""
