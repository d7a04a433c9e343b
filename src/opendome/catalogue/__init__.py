"""Named systems: value, range, unit suffix, source and grade of every number, and the references behind them."""
