"""Status round-up (调度问情况): questions with a deadline, recipients, receipts, answers, who is silent."""
