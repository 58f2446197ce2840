"""What a site's owner sets about its widget, a section each. See docs/widget-settings.md. Pure."""
