FROM debian:trixie-slim AS headers
RUN apt-get update && apt-get install -y --no-install-recommends libpython3-dev

FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-pip python3-venv \
    && rm -rf /var/lib/apt/lists/* /usr/lib/python3*/EXTERNALLY-MANAGED \
    && ln -s /usr/bin/python3 /usr/local/bin/python3 && ln -s python3 /usr/local/bin/python && ln -s /usr/bin/pip3 /usr/local/bin/pip
# The official image has them, but no compiler.
COPY --from=headers /usr/include/python3.13 /usr/include/python3.13
COPY --from=headers /usr/include/x86_64-linux-gnu/python3.13 /usr/include/x86_64-linux-gnu/python3.13
COPY --from=plimsoll-proof/python-packages /wheels /usr/local/share/wheels
COPY --from=plimsoll-proof/python-packages /pip.conf /etc/pip.conf
ENV LANG=C.UTF-8 PYTHON_VERSION=3.13
CMD ["python3"]
