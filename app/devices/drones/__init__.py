"""Drones (无人机): heard over MAVLink and the DJI Cloud API, watched in the air, their flights kept."""
