int known_to_outer_only(void) { return 42; }
