"""How each pack is rebuilt: one module each, whose `compute` takes the assumptions and gives the outputs, by key."""
