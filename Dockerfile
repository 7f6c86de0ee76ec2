# The image: built in one stage, run in another without compilers, caches or root.
# The commands below are also run without an engine: .ci/dockerfile_commands.py.

FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/longstop && /opt/longstop/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock
RUN python -m venv /build/tools && /build/tools/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY lifecycle ./lifecycle
COPY store ./store
COPY notifiers ./notifiers
COPY config ./config
COPY engine ./engine
COPY jobs ./jobs
COPY web ./web
COPY cli ./cli
RUN /build/tools/bin/python -m pip wheel --no-deps --no-build-isolation --disable-pip-version-check --wheel-dir /build/dist .
RUN /opt/longstop/bin/python -m pip install --no-deps --no-index --no-cache-dir --disable-pip-version-check /build/dist/*.whl

FROM python:3.11-slim
COPY --from=build /opt/longstop /opt/longstop
ENV PATH=/opt/longstop/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LONGSTOP_HOST=0.0.0.0 \
    LONGSTOP_DATA_DIR=/data
# Any user may run the image (--user), so anybody may make files here; each belongs to its maker alone.
RUN mkdir -p /data && chmod 1777 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["longstop", "healthcheck"]
ENTRYPOINT ["longstop"]
CMD ["serve"]
