"""Calendar feeds over HTTP (CALENDAR.md): their bodies, what is kept of them in memory, and the door for apps."""
