# SYNTAX TEST "source.dockerfile" "keywords in any case, ONBUILD, words that only look like keywords"
from a
# <---- meta.instruction.from.dockerfile keyword.other.special-method.dockerfile
Run x
# <--- meta.instruction.run.dockerfile keyword.other.special-method.dockerfile
cMd x
# <--- meta.instruction.command.dockerfile keyword.other.special-method.dockerfile
  ENTRYPOINT x
# ^^^^^^^^^^ meta.instruction.command.dockerfile keyword.other.special-method.dockerfile
Add a b
# <--- meta.instruction.copy.dockerfile keyword.other.special-method.dockerfile
MAINTAINER Me <me@example.org>
# <---------- keyword.other.special-method.dockerfile
#             ^^^^^^^^^^^^^^^^ string.unquoted.maintainer.dockerfile
ONBUILD RUN echo "x
# <------- keyword.control.onbuild.dockerfile
#       ^^^ keyword.other.special-method.dockerfile
#                ^^ meta.embedded.inline.shell.dockerfile string.quoted.double.shell
onbuild   copy . /app
# <------- keyword.control.onbuild.dockerfile
#         ^^^^ meta.instruction.copy.dockerfile keyword.other.special-method.dockerfile
#                ^^^^ string.unquoted.path.dockerfile
ONBUILD \
# <------- keyword.control.onbuild.dockerfile
#       ^ punctuation.separator.continuation.dockerfile
  ENV A=b
# ^^^ meta.instruction.env.dockerfile keyword.other.special-method.dockerfile
#     ^ variable.other.env.dockerfile
ONBUILD
# <------- keyword.control.onbuild.dockerfile
USER\
# <---- keyword.other.special-method.dockerfile
 me
#^^ meta.instruction.user.dockerfile string.unquoted.user.dockerfile
RUNNING x
# <--------- meta.instruction.unknown.dockerfile - keyword.other.special-method.dockerfile
COPYX a \
FROM b
# <------ meta.instruction.unknown.dockerfile - keyword.other.special-method.dockerfile
FROM
# <---- keyword.other.special-method.dockerfile
USER x
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
