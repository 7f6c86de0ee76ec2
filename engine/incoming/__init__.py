"""What comes in from outside: answers by link and button, events of other programs; each acts once."""
