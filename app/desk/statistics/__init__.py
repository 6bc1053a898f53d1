"""Statistics (统计): what a period amounted to, beside the period before and the same of last year."""
