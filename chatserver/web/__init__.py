"""HTTP manners: guard, errors, parameters, limits, pages and static files. No business rules."""
