"""Pages of the elections app: one module per journey."""
