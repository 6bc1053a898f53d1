"""Pure decisions of status round-ups: questions and answers, words of a text, deadlines, totals."""
