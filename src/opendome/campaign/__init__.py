"""Raids over months against stocks that drain and refill: drawn, counted or simulated."""
