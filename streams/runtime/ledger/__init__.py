"""A batch's records, memory and offset, written as one."""
