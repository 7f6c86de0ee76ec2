"""What the pages of deadlines show, worked out: rows, pictures, one deadline, exports."""
