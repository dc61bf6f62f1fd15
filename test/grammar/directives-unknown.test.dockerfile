# SYNTAX TEST "source.dockerfile" "an unknown directive is a comment and ends the directives"
# escape=x
# ^^^^^^ keyword.control.directive.dockerfile
#        ^ invalid.illegal.escape.dockerfile
# author=me
# <----------- comment.line.number-sign.dockerfile - meta.directive.dockerfile
# escape=`
# <---------- comment.line.number-sign.dockerfile - meta.directive.dockerfile
RUN a `
# <--- keyword.other.special-method.dockerfile
USER b
# <---- meta.instruction.user.dockerfile keyword.other.special-method.dockerfile
