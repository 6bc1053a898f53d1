"""The centre's own public network: away or there, what waits for it, what came too late to be sent."""
