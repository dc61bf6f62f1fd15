# SYNTAX TEST "source.dockerfile" "a line that is being typed never colours what follows its instruction"
FROM --platform=
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
FROM a:
USER x
# <---- keyword.other.special-method.dockerfile
FROM a@
USER x
# <---- keyword.other.special-method.dockerfile
FROM ${A:-
USER x
# <---- keyword.other.special-method.dockerfile
FROM a AS
USER x
# <---- keyword.other.special-method.dockerfile
RUN --mount=
USER x
# <---- keyword.other.special-method.dockerfile
RUN --mount=type=cache,target=
USER x
# <---- keyword.other.special-method.dockerfile
RUN --
USER x
# <---- keyword.other.special-method.dockerfile
RUN
USER x
# <---- keyword.other.special-method.dockerfile
RUN if [ "
USER x
# <---- keyword.other.special-method.dockerfile
RUN case x in (
USER x
# <---- keyword.other.special-method.dockerfile
RUN f() { echo "$(
USER x
# <---- keyword.other.special-method.dockerfile
ENV A="${B:-
USER x
# <---- keyword.other.special-method.dockerfile
ENV A='
USER x
# <---- keyword.other.special-method.dockerfile
ENV A
USER x
# <---- keyword.other.special-method.dockerfile
LABEL "a
USER x
# <---- keyword.other.special-method.dockerfile
ARG A=${B/
USER x
# <---- keyword.other.special-method.dockerfile
CMD ["
USER x
# <---- keyword.other.special-method.dockerfile
SHELL [
USER x
# <---- keyword.other.special-method.dockerfile
HEALTHCHECK --interval=
USER x
# <---- keyword.other.special-method.dockerfile
HEALTHCHECK CMD ["a", "
USER x
# <---- keyword.other.special-method.dockerfile
COPY --from= "
USER x
# <---- keyword.other.special-method.dockerfile
COPY <<
USER x
# <---- keyword.other.special-method.dockerfile
ONBUILD
USER x
# <---- keyword.other.special-method.dockerfile
WORKDIR "/a
USER x
# <---- keyword.other.special-method.dockerfile
RUN echo "a \
USER x
# <------ string.quoted.double.shell - keyword.other.special-method.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
