"""The forms of the ground work. Shape only; rules are asked by the services."""
