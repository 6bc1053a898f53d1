"""The hourly sheet (应急纸质值守单): what is open, on paper, for when power fails."""
