# SYNTAX TEST "source.dockerfile" "comments"
#!/usr/bin/env -S docker build
# <-------------- comment.line.number-sign.dockerfile - meta.directive.dockerfile
# FROM commented "out
# <- comment.line.number-sign.dockerfile punctuation.definition.comment.dockerfile
# ^^^^^^^^^^^^^^^^^^^ comment.line.number-sign.dockerfile - keyword.other.special-method.dockerfile
   # indented
#  ^^^^^^^^^^ comment.line.number-sign.dockerfile
#
FROM alpine
# <---- keyword.other.special-method.dockerfile
ENV A=b # not a comment
#       ^^^^^^^^^^^^^^^ - comment.line.number-sign.dockerfile
RUN echo a # for the shell
#          ^^^^^^^^^^^^^^^ comment.line.number-sign.shell.dockerfile
RUN echo a#b $# ${#x}
#        ^^^^^^^^^^^^ - comment.line.number-sign.shell.dockerfile
LABEL a=b \
# within, at column 0
# <--------------------- meta.instruction.label.dockerfile comment.line.number-sign.dockerfile
  # within, "indented, continued? no \
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ comment.line.number-sign.dockerfile - punctuation.separator.continuation.dockerfile

  c=d
# ^ meta.instruction.label.dockerfile variable.other.label.dockerfile
#   ^ string.unquoted.value.dockerfile
e=f
# <--- meta.instruction.unknown.dockerfile - variable.other.label.dockerfile
