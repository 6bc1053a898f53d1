"""What follows from a warning or an incident: plans (预案) and response levels (应急响应)."""
