FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1
WORKDIR /code
COPY requirements.txt /code/
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libpq-dev libpq5 \
    && pip install --no-cache-dir -r requirements.txt \
    && apt-get purge -y --auto-remove gcc libpq-dev \
    && rm -rf /var/lib/apt/lists/*
COPY . /code/
RUN DJANGO_SECRET_KEY=unused python manage.py collectstatic --noinput
RUN adduser --system --group --no-create-home web && chown -R web:web /code/media
USER web
EXPOSE 8000
CMD ["/bin/sh", "-c", "exec gunicorn library.wsgi:application --bind 0.0.0.0:${PORT:-8000}"]
