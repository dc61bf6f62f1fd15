FROM centos:7
LABEL maintainer="ops@example.com"
RUN yum update -y && yum clean all
RUN yum install -y epel-release && yum install -y nginx java-1.8.0-openjdk wget && yum clean all
RUN wget -q https://archive.example.com/tomcat-9.tar.gz -O /tmp/tomcat.tar.gz && \
    tar xf /tmp/tomcat.tar.gz -C /opt && \
    rm /tmp/tomcat.tar.gz
ENV CATALINA_HOME=/opt/tomcat
ENV PATH=$PATH:$CATALINA_HOME/bin
COPY app.war /opt/tomcat/webapps/
EXPOSE 8080
CMD ["/bin/sh", "-c", "service nginx start && exec catalina.sh run"]
