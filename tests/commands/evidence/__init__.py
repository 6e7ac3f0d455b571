"""Commands that measure: accuracy, speed, behaviour after faults, agreement with other programs."""
