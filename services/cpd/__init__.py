"""The CPD service: obligations that follow the register, the log, and the standing that both make."""
