# The product (the default target) and the sandbox. Neither runs as root, and neither holds a compiler or a package manager's cache.

FROM python:3.12-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# Packages are installed before the code is copied, so that a change of the code leaves them alone.
FROM base AS packages
COPY requirements/runtime.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /requirements.txt

FROM base AS sandbox-packages
COPY requirements/demo.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /requirements.txt

# A user without a home or a shell; fresh volumes at these folders belong to it.
FROM base AS image
RUN groupadd --gid 10001 sync \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sync \
 && install -d -o 10001 -g 10001 -m 0700 /data /tls
ENV PATH=/venv/bin:$PATH DATA_DIR=/data
WORKDIR /app

FROM image AS sandbox
COPY --from=sandbox-packages /venv /venv
COPY sandbox/ sandbox/
RUN python -m compileall -q sandbox
USER 10001:10001
EXPOSE 8451
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8451), 3).close()"]
CMD ["python", "-m", "sandbox", "--host", "0.0.0.0", "--tls", "/tls"]

FROM image AS product
COPY --from=packages /venv /venv
COPY syncer/ syncer/
COPY worker/ worker/
COPY dashboard/ dashboard/
RUN python -m compileall -q syncer worker dashboard
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=60s --timeout=15s --start-period=60s --retries=3 \
  CMD ["python", "-m", "worker", "health", "worker"]
CMD ["python", "-m", "worker", "run"]
