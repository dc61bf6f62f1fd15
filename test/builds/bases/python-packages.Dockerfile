FROM debian:trixie-slim AS maker
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-fastapi python3-psycopg python3-setuptools python3-uvicorn python3-wheel
COPY wheels.py /
RUN mkdir /wheels && python3 /wheels.py /wheels $(dpkg-query --show --showformat '${db:Status-Abbrev} ${Package}\n' 'python3-*' | sed -n 's/^ii  *//p')
COPY psycopg-c /psycopg_c-3.2.6
RUN tar czf /wheels/psycopg_c-3.2.6.tar.gz -C / psycopg_c-3.2.6
COPY setup.py /uv/
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /uv/uv.py
RUN cd /uv && python3 setup.py --quiet bdist_wheel --dist-dir /wheels
RUN printf '[global]\nno-index = true\nfind-links = /usr/local/share/wheels\n' > /pip.conf

FROM scratch
COPY --from=maker /wheels /wheels
COPY --from=maker /pip.conf /pip.conf
