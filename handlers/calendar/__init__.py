"""The calendar: what comes, greetings on the days a union marks, and the branch's own days off."""
