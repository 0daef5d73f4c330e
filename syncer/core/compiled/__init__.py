"""The planner made ready for one set of rules: the same plans as by `syncer.core.planner`, several times as
fast. What is rare it leaves to that one."""
