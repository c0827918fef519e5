"""Where messages come from and replies go to: one small plug a channel, one hook view, one sender."""
