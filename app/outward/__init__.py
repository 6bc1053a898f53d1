"""One HTTP request to one configured service, nowhere else: the road service, another Zhishou."""
