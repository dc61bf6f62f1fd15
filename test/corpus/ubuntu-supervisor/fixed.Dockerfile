FROM ubuntu:22.04
ENV TZ=UTC
RUN ln -snf /usr/share/zoneinfo/$TZ /etc/localtime && echo $TZ > /etc/timezone
RUN apt-get update && apt-get install --no-install-recommends -y software-properties-common curl gnupg supervisor nginx ca-certificates
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install --no-install-recommends -y nodejs ca-certificates
COPY supervisord.conf /etc/supervisor/conf.d/supervisord.conf
COPY nginx.conf /etc/nginx/sites-enabled/default
WORKDIR /app
COPY package*.json /app/
RUN npm install --production && npm cache clean --force
COPY . /app
RUN chown -R www-data:www-data /app
EXPOSE 80
CMD ["/usr/bin/supervisord", "-n"]
