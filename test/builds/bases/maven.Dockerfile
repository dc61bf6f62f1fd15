FROM eclipse-temurin:17-jdk
# The plugins of a usual build, in Debian's repository, from which alone Maven takes everything.
RUN apt-get update && apt-get install -y --no-install-recommends git maven \
        libcommons-lang3-java libmaven-compiler-plugin-java libmaven-jar-plugin-java libmaven-resources-plugin-java \
        libmaven-shade-plugin-java libsurefire-java \
    && rm -rf /var/lib/apt/lists/* \
    && sed -i 's|</settings>|<localRepository>/usr/share/maven-repo</localRepository><offline>true</offline></settings>|' /etc/maven/settings.xml
ENV MAVEN_HOME=/usr/share/maven MAVEN_CONFIG=/root/.m2
CMD ["mvn"]
