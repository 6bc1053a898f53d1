"""Devices behind gateways: the contract over MQTT, spoken as the centre speaks it."""
