"""Who owns a desk: alarms and overdue orders are addressed to him until three signatures pass it on."""
