"""What a person chooses for themselves: greetings, quiet hours, reminders."""
