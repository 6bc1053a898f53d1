"""Roll call over the radio (电台点名): who answers, by ear, by voice on the air, by radio check."""
