"""Who may know an incident (限知): sensitive and restricted incidents, readers named one by one."""
