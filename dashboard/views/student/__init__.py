"""The page of one student: both systems side by side, where each value comes from, what happened, and what
can be done. It reads by `syncer.application.students`; whatever writes is asked of the worker."""
