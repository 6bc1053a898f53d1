"""Zhishou (值守): duty and dispatch for an emergency command centre."""
