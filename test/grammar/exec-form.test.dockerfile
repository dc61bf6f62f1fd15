# SYNTAX TEST "source.dockerfile" "JSON exec forms, and what only looks like them"
CMD ["node", "a\"b\u0041", "\d"]
#   ^ meta.exec-form.dockerfile punctuation.definition.array.begin.dockerfile
#    ^^^^^^ string.quoted.double.json.dockerfile
#          ^ punctuation.separator.array.dockerfile
#              ^^ constant.character.escape.dockerfile
#                 ^^^^^^ constant.character.escape.dockerfile
#                           ^^ invalid.illegal.escape.dockerfile
#                              ^ punctuation.definition.array.end.dockerfile
ENTRYPOINT [ "a" , "b" ]
#            ^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile
#                      ^ punctuation.definition.array.end.dockerfile
RUN --network=none ["a"]
#                   ^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile - meta.embedded.inline.shell.dockerfile
CMD []
#   ^ punctuation.definition.array.begin.dockerfile
#    ^ punctuation.definition.array.end.dockerfile
RUN [ "$x" = y ] && echo z
#   ^^^^^^^^^^^^ meta.embedded.inline.shell.dockerfile - meta.exec-form.dockerfile
#                   ^^^^ meta.embedded.inline.shell.dockerfile
RUN [ -f x ] || exit 1
#   ^^^^^^^^ meta.embedded.inline.shell.dockerfile - meta.exec-form.dockerfile
RUN [ "x" ] && echo
#   ^^^^^^^ meta.embedded.inline.shell.dockerfile - meta.exec-form.dockerfile
RUN [[ a == b ]]
#   ^^^^^^^^^^^^ meta.embedded.inline.shell.dockerfile - meta.exec-form.dockerfile
CMD ['single']
#   ^^^^^^^^^^ meta.embedded.inline.shell.dockerfile - meta.exec-form.dockerfile
CMD ["a", 'b', 3]
#         ^^^ meta.exec-form.dockerfile invalid.illegal.exec-form.dockerfile
#              ^ invalid.illegal.exec-form.dockerfile
CMD [ \
#   ^ meta.exec-form.dockerfile punctuation.definition.array.begin.dockerfile
  "a", \
# ^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile
# the second
# <------------ comment.line.number-sign.dockerfile
  "b" \
# ^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile
]
# <- meta.instruction.command.dockerfile meta.exec-form.dockerfile punctuation.definition.array.end.dockerfile
CMD ["never", "closed
#             ^^^^^^^ meta.exec-form.dockerfile string.quoted.double.json.dockerfile
EXPOSE 80
# <------ meta.instruction.expose.dockerfile keyword.other.special-method.dockerfile - string.quoted.double.json.dockerfile
#      ^^ constant.numeric.port.dockerfile
ENTRYPOINT ["a",
#           ^^^ string.quoted.double.json.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
VOLUME [
#      ^ punctuation.definition.array.begin.dockerfile
USER y
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile - meta.exec-form.dockerfile
COPY ["a", "b
#          ^^ string.quoted.double.json.dockerfile
USER z
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
