"""Pure rules about grids: geometry in, geometry and findings out. No database, no clock."""
