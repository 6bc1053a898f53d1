"""The edge gateway (边缘网关): the adapters where the cables are, MQTT to the centre."""
