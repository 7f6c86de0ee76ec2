"""What others do for the same purpose, with the same durability; installed only to be measured."""
