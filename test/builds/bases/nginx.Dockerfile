FROM debian:bookworm-slim
RUN groupadd --system --gid 101 nginx && useradd --system --gid nginx --no-create-home --home /nonexistent --uid 101 nginx \
    && apt-get update && apt-get install -y --no-install-recommends ca-certificates nginx-light && rm -rf /var/lib/apt/lists/* \
    && sed -i 's/^user .*/user nginx;/' /etc/nginx/nginx.conf && rm -f /etc/nginx/sites-enabled/default \
    && mkdir -p /usr/share/nginx/html \
    && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log
COPY <<'EOF' /etc/nginx/conf.d/default.conf
server {
    listen 80;
    location / { root /usr/share/nginx/html; index index.html; }
}
EOF
COPY <<'EOF' /usr/share/nginx/html/index.html
<h1>Welcome to nginx!</h1>
EOF
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
