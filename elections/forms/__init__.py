"""Forms of the elections app, by journey. Shape only; rules are asked by the services."""
