FROM python:3.11 AS builder

ENV PATH="/opt/venv/bin:$PATH"
RUN python -m venv /opt/venv
RUN apt-get update && apt-get install --no-install-recommends -y vim curl libpq-dev gcc

WORKDIR /usr/src/app
COPY requirements.txt ./
RUN pip install --upgrade pip
RUN pip install -r requirements.txt
COPY . .

FROM python:3.11-slim AS final
WORKDIR /usr/src/app
RUN apt-get update \
    && apt-get install -y --no-install-recommends vim curl libpq5 libgomp1 ca-certificates \
    && rm -rf /var/lib/apt/lists/*
ENV PATH="/opt/venv/bin:$PATH"
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /usr/src/app /usr/src/app

ENV FLASK_APP=app.py
ENV FLASK_ENV=production

EXPOSE 5000
RUN groupadd --gid 10001 app \
    && useradd --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app
USER app
CMD ["flask", "run", "--host=0.0.0.0"]
