# SYNTAX TEST "source.dockerfile" "the shell stays within its instruction"
RUN apt-get update && apt-get install -y curl
# <--- keyword.other.special-method.dockerfile
#   ^^^^^^^ meta.embedded.inline.shell.dockerfile entity.name.command.shell
#                  ^^ meta.embedded.inline.shell.dockerfile keyword.operator.shell
#                                     ^^ constant.other.option.shell
RUN echo "unbalanced
#        ^^^^^^^^^^^ meta.embedded.inline.shell.dockerfile string.quoted.double.shell
FROM a
# <---- meta.instruction.from.dockerfile keyword.other.special-method.dockerfile - string.quoted.double.shell
RUN echo 'unbalanced
#        ^^^^^^^^^^^ string.quoted.single.shell
# a comment
# <----------- comment.line.number-sign.dockerfile - string.quoted.single.shell
CMD echo $(cat `ls
#              ^^^ string.interpolated.backtick.shell
ENTRYPOINT exec "$0
# <---------- meta.instruction.command.dockerfile keyword.other.special-method.dockerfile - string.interpolated.backtick.shell
#               ^^^ string.quoted.double.shell
COPY a b
# <---- keyword.other.special-method.dockerfile - string.quoted.double.shell
RUN echo "a \
#        ^^^ string.quoted.double.shell
#           ^ punctuation.separator.continuation.dockerfile
   FROM b" && \
# <---------- string.quoted.double.shell - keyword.other.special-method.dockerfile
#          ^^ keyword.operator.shell - string.quoted.double.shell
   copy add env
#  ^^^^ entity.name.command.shell - keyword.other.special-method.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
RUN echo 'a \
#           ^ string.quoted.single.shell punctuation.separator.continuation.dockerfile
# a "comment" that's odd
# <------------------------ comment.line.number-sign.dockerfile
  # another \
# ^^^^^^^^^^^ comment.line.number-sign.dockerfile - punctuation.separator.continuation.dockerfile

b' c "d \
# <-- string.quoted.single.shell
#    ^^ string.quoted.double.shell - string.quoted.single.shell
e
# <- string.quoted.double.shell
USER x
# <---- keyword.other.special-method.dockerfile - string.quoted.double.shell
RUN a # b \
#     ^^^ comment.line.number-sign.shell.dockerfile
#         ^ punctuation.separator.continuation.dockerfile
  && c
# ^^^^ meta.instruction.run.dockerfile comment.line.number-sign.shell.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile - comment.line.number-sign.shell.dockerfile
RUN echo a\\
#         ^^ constant.character.escape.shell - punctuation.separator.continuation.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
RUN echo a \  
#          ^ punctuation.separator.continuation.dockerfile
USER x
# <------ meta.instruction.run.dockerfile meta.embedded.inline.shell.dockerfile - keyword.other.special-method.dockerfile
RUN X=`date` && echo `
#     ^^^^^^ string.interpolated.backtick.shell
#            ^^ keyword.operator.shell - string.interpolated.backtick.shell
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile - string.interpolated.backtick.shell
RUN cat<<EOF
#      ^^ keyword.operator.redirect.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile - string.unquoted.heredoc.shell
RUN cat <<< "a"
#       ^^^ keyword.operator.redirect.dockerfile - meta.heredoc.dockerfile
USER x
# <---- keyword.other.special-method.dockerfile
HEALTHCHECK CMD test "x
#                    ^^ string.quoted.double.shell
USER x
# <---- keyword.other.special-method.dockerfile - string.quoted.double.shell
RUN \
  --mount=type=ssh \
#   ^^^^^ entity.other.attribute-name.flag.dockerfile
  true
# ^^^^ meta.embedded.inline.shell.dockerfile
RUN set -eux; \
	if [ -f x ]; then \
#             ^^^^ keyword.control.shell
		echo "y" \
#      ^^^ string.quoted.double.shell
	; fi
#  ^^ meta.instruction.run.dockerfile keyword.control.shell
ARG A
# <--- keyword.other.special-method.dockerfile
